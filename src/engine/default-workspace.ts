/** The workspace that the methods of the engine itself use. */
export const defaultWorkspace = 'default'
