// Runs one group of measurements in a process of its own and sends its rows to the one that started it.
const { rows } = await import(`./groups/${process.argv[2]}.mjs`);
process.send?.(rows, () => process.exit());
