/** Spring '24: every org speaks it, so none is asked. All that is used here is in it. */
export const API_VERSION = '60.0';
