// The modules of the app. A new module is one line here.
import { administration } from "@/features/administration";
import { crm } from "@/features/crm";
import { identity } from "@/features/identity";
import { inbox } from "@/features/inbox";
import { jobs } from "@/features/jobs";
import type { Registration, Slots } from "@/shared/registration";

export const modules: Registration[] = [inbox, crm, identity, jobs, administration];

export const slots: Partial<Slots> = Object.assign({}, ...modules.map((one) => one.slots ?? {}));
