import { shard } from "../shard.ts";

await shard(3, 6);
