import type { AcMembership } from './activecampaign.ts';

/** A thing of ActiveCampaign's that led to a subscription or an unsubscription, by its id there. */
export interface Via {
  readonly kind: 'campaign' | 'automation' | 'form';
  readonly id: string;
}

/** A row's form is where somebody joined; its campaign and its automation are what they left by (facts section 4). */
export function viaOf({
  status,
  unsubscribeAutomation,
  campaign,
  form,
}: Pick<AcMembership, 'status' | 'unsubscribeAutomation' | 'campaign' | 'form'>): Via | null {
  const [kind, id] =
    status === 1
      ? (['form', form] as const)
      : unsubscribeAutomation !== null
        ? (['automation', unsubscribeAutomation] as const)
        : (['campaign', campaign] as const);
  return id === null || (status !== 1 && status !== 2) ? null : { kind, id };
}
