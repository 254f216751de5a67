/**
 * Keys and certificates as files: PEM in and out through Bouncy Castle, which knows SM2 where the JDK does not. Bouncy Castle's providers are
 * used as instances and never registered for the whole process.
 */
package org.pairspan.runtime.certificate;
