/**
 * The ID–ID–KEY list (KS-2): one persistent entity for each pair of members, which makes the pair's key when it is first
 * asked for and stores it sealed before it answers.
 */
package org.pairspan.kms.pairkey;
