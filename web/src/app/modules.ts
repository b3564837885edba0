// The modules of the app. A new module is one line here.
import { administration } from "@/features/administration";
import { crm } from "@/features/crm";
import { identity } from "@/features/identity";
import { inbox } from "@/features/inbox";
import type { Registration, Slots } from "@/shared/registration";

export const modules: Registration[] = [inbox, crm, identity, administration];

export const slots: Partial<Slots> = Object.assign({}, ...modules.map((one) => one.slots ?? {}));
