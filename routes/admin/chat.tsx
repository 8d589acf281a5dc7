import { chatRoutesFor } from "../chat.tsx";

export const adminChatRoutes = chatRoutesFor("admin");
