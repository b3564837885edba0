// The names by which the app calls the contract's types. Import types from here, never from schema.ts.
import type { components } from "./schema";

export type { paths } from "./schema";

/**
 * In an answer every field is there; what has no value is null. The contract can only say that it may be left out.
 * Only documents leave out what they do not mean.
 */
export type Given<T> = T extends Block | Blob
  ? T
  : T extends (infer Item)[]
    ? Given<Item>[]
    : T extends object
      ? { [Key in keyof T]-?: Given<Exclude<T[Key], undefined>> }
      : T;

type Asked = components["schemas"];
type Answered<Name extends keyof Asked> = Given<Asked[Name]>;

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Problem = Answered<"Problem">;
export type Permission = Asked["Permission"];

export type SignUp = Asked["SignUp"];
export type Credentials = Asked["Credentials"];
export type SignedIn = Answered<"SignedIn">;
export type Me = Answered<"Me">;
export type Member = Answered<"Member">;
export type NewMember = Asked["AddMember"];
export type Role = Answered<"Role">;

export type Contact = Answered<"Contact">;
export type ContactBrief = Answered<"ContactBrief">;

export type Status = Asked["Status"];
export type Priority = Asked["Priority"];
export type Conversation = Answered<"Conversation">;
export type LastMessage = Answered<"LastMessage">;
export type MyRead = Answered<"MyRead">;
export type InboxItem = Answered<"InboxItem">;
export type MessageKind = Asked["MessageKind"];
export type Message = Answered<"Message">;
export type Activity = Answered<"Activity">;
export type Block = Asked["Block"];
export type Span = Asked["Span"];
export type MessagePage = Answered<"MessagePage">;
export type Change = Answered<"Change">;
export type Counts = Answered<"Counts">;

export type Label = Answered<"Label">;
export type LabelColor = Asked["LabelColor"];
export type LabelMark = Answered<"LabelMark">;
export type NewLabel = Asked["NewLabel"];
export type UpdateLabel = Asked["UpdateLabel"];

export type Channel = Answered<"Channel">;
export type WebChatSettings = Answered<"WebChatSettings">;
export type NewChannel = Asked["NewChannel"];
export type UpdateChannel = Asked["UpdateChannel"];
export type ChannelSecret = Answered<"ChannelSecret">;
export type Snippet = Answered<"Snippet">;

export type Job = Answered<"Job">;
export type JobState = Asked["JobState"];
export type JobFailure = Answered<"JobFailure">;
export type JobDetail = Answered<"JobDetail">;
export type NewExport = Asked["NewExport"];

export type ActorTree = Answered<"ActorTree">;

export type Webhook = Answered<"Webhook">;
export type WebhookWithSecret = Answered<"WithSecret">;
export type NewWebhook = Asked["NewWebhook"];
export type UpdateWebhook = Asked["UpdateWebhook"];
export type Delivery = Answered<"Delivery">;
export type DeliveryState = Asked["DeliveryState"];
export type DeliveryStory = Answered<"DeliveryStory">;

export type EventType = Answered<"EventType">;
export type LoggedEvent = Omit<Answered<"LoggedEvent">, "payload"> & { payload: unknown };
export type EventPage = Omit<Answered<"EventPage">, "items"> & { items: LoggedEvent[] };
export interface EventStory {
  event: LoggedEvent;
  causes: LoggedEvent[];
  effects: LoggedEvent[];
}
export type Follower = Answered<"Follower">;
export type DeadLetter = Answered<"Dead">;
export type DeadPage = Answered<"DeadPage">;

export type SwitchboardEvent = Answered<"SwitchboardEvent">;
