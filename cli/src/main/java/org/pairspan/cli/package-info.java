/**
 * The {@code pairspan} command. Every subcommand has its own package; this one only puts them together and turns failures into messages and
 * exit codes: 0 done, 1 failed, 2 wrong usage, or a wrong configuration of a program.
 */
package org.pairspan.cli;
