import "@docker/node-sdk";
