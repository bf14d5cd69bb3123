export const EVALUATE_TASK = "evaluate_rules";
export const FORGET_EVALUATIONS_TASK = "forget_evaluations";
