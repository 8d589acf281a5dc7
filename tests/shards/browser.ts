import { browserShard } from "../shard.ts";

await browserShard();
