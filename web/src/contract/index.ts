// The names by which the app calls the contract's types. Import types from here, never from schema.ts.
import type { components } from "./schema";

export type { paths } from "./schema";

type Schemas = components["schemas"];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Status = Schemas["Status"];
export type Priority = Schemas["Priority"];
export type Permission = Schemas["Permission"];
export type Problem = Schemas["Problem"];
export type SignUp = Schemas["SignUp"];
export type Credentials = Schemas["Credentials"];
export type SignedIn = Schemas["SignedIn"];
export type Me = Schemas["Me"];
export type Member = Schemas["Member"];
export type NewMember = Schemas["NewMember"];
export type Role = Schemas["Role"];
export type Contact = Schemas["Contact"];
export type ContactBrief = Schemas["ContactBrief"];
export type Conversation = Schemas["Conversation"];
export type LastMessage = Schemas["LastMessage"];
export type MyRead = Schemas["MyRead"];
export type InboxItem = Schemas["InboxItem"];
export type MessageKind = Schemas["MessageKind"];
export type Author = Schemas["Author"];
export type Message = Schemas["Message"];
export type Activity = Schemas["Activity"];
export type MessagePage = Schemas["MessagePage"];
export type Change = Schemas["Change"];
export type NewReply = Schemas["NewReply"];
export type NewNote = Schemas["NewNote"];
export type SetStatus = Schemas["SetStatus"];
export type SetAssignee = Schemas["SetAssignee"];
export type SetPriority = Schemas["SetPriority"];
export type MarkRead = Schemas["MarkRead"];
export type Counts = Schemas["Counts"];
export type Channel = Schemas["Channel"];
export type WebChatSettings = Schemas["WebChatSettings"];
export type NewChannel = Schemas["NewChannel"];
export type UpdateChannel = Schemas["UpdateChannel"];
export type ChannelSecret = Schemas["ChannelSecret"];
export type Snippet = Schemas["Snippet"];
export type ActorTree = Schemas["ActorTree"];
