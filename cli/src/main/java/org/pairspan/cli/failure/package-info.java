/** How a command says that it failed: one line for the person who typed it, four where a setting is wrong, and an exit code. */
package org.pairspan.cli.failure;
