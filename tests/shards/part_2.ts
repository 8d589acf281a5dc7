import { shard } from "../shard.ts";

await shard(1, 6);
