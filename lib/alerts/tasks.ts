export const EVALUATE_TASK = "evaluate_rules";
/** What a rule does to a session. Payload: workspace and episode. */
export const ACT_TASK = "act_on_session";
export const WAKE_ACTIONS_TASK = "wake_actions";
export const FORGET_EVALUATIONS_TASK = "forget_evaluations";
