/**
 * The messages of ETSI GS QKD 014 V1.1.1 and their JSON, for both ends. Everything is bounded: what comes from outside is read strictly.
 */
package org.pairspan.kms.etsi014;
