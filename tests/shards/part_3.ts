import { shard } from "../shard.ts";

await shard(2, 6);
