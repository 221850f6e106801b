import { CreateSignIn1767225800000 } from './1767225800000-create-sign-in.ts';

export const MIGRATIONS = [CreateSignIn1767225800000];
