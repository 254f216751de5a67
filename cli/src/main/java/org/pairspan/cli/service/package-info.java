/** {@code pairspan kms} and {@code pairspan node}: run one program in the foreground until a signal ends it. */
package org.pairspan.cli.service;
