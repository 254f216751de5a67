/**
 * The audit log: one JSON object a line, on disk before the answer it speaks of goes out. Never holds a key.
 */
package org.pairspan.kms.audit;
