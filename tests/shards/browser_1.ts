import { browserShard, ofPages } from "../shard.ts";

await browserShard(ofPages);
