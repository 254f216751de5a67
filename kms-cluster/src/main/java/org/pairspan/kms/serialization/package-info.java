/**
 * Kryo behind one Pekko serializer, for messages between key servers and for the journal. Every class has a fixed number; what has none
 * is refused. Nothing that comes from a member is ever read by it.
 */
package org.pairspan.kms.serialization;
