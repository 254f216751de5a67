/**
 * {@code pairspan demo}: the whole system at work on one machine, told as it goes. Every claim it makes is measured while it runs;
 * one that does not hold is said to have failed, and the command ends with code 1.
 */
package org.pairspan.cli.demo;
