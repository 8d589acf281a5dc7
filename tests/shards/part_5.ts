import { shard } from "../shard.ts";

await shard(4, 6);
