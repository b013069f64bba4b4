import "dockerode";
