/**
 * A real PostgreSQL server for tests and measurements: its programs from the distribution or from Maven, run as root or not.
 */
package org.pairspan.postgres;
