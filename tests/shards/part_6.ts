import { shard } from "../shard.ts";

await shard(5, 6);
