/** One field of a protobuf message: numbers come as such, everything with a length as bytes. */
export interface ProtobufField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/**
 * Reads the fields of one protobuf message in their order. Groups, which have long been out of use, are not read.
 *
 * @throws (the iterator) RangeError if the bytes are no message
 */
export function* readFields(message: Uint8Array): Generator<ProtobufField, void, undefined> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  for (let at = 0; at < message.length; ) {
    const key = readVarint(message, at);
    const number = Number(key.value >> 3n);
    const wireType = Number(key.value & 7n);
    at = key.end;
    if (wireType === 0) {
      const varint = readVarint(message, at);
      at = varint.end;
      yield { number, value: varint.value };
    } else if (wireType === 1) {
      yield { number, value: view.getBigUint64(at, true) };
      at += 8;
    } else if (wireType === 5) {
      yield { number, value: BigInt(view.getUint32(at, true)) };
      at += 4;
    } else if (wireType === 2) {
      const length = readVarint(message, at);
      const end = length.end + Number(length.value);
      if (end > message.length) {
        throw new RangeError("A field is longer than its message");
      }
      yield { number, value: message.subarray(length.end, end) };
      at = end;
    } else {
      throw new RangeError(`Protobuf has no fields of wire type ${wireType}`);
    }
  }
}

/** A varint is as long as its bytes have their highest bit set, and at most ten bytes. */
function readVarint(bytes: Uint8Array, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) {
      throw new RangeError("A number is cut off");
    }
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) {
      return { value: BigInt.asUintN(64, value), end: start + index + 1 };
    }
  }
  throw new RangeError("A number is longer than ten bytes");
}
