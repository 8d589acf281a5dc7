import { shard } from "../shard.ts";

await shard(0, 6);
