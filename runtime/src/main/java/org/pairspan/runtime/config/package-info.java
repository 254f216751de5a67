/**
 * Configuration files: HOCON in, typed and bounded values out. Whatever is wrong stops the start with the setting's name, its value, the rule
 * it breaks and what to do; no setting is ever corrected in silence, and none is ignored because its name is misspelt.
 */
package org.pairspan.runtime.config;
