import { browserShard, ofPages } from "../shard.ts";

await browserShard((file) => !ofPages(file));
