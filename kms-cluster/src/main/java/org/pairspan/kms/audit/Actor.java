package org.pairspan.kms.audit;

import java.util.Objects;

/**
 * Who did what a record tells of.
 *
 * @param kind what it is
 * @param name its id: of a member or key server as in its certificate; of an operator the operating system's user; never null
 */
public record Actor(Kind kind, String name) {

    /** Kinds of actors. */
    public enum Kind {
        /** A member, authenticated by its certificate. */
        MEMBER("member"),
        /**
         * A person or program that attached to the key server's process. The operating system lets only the user the server runs as, and
         * root, attach; the name is what {@code pairspan ctl} said.
         */
        OPERATOR("operator"),
        /** A key server, by itself: its schedule, its start. */
        SERVER("server"),
        /** Somebody who showed no certificate. */
        STRANGER("stranger");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    public Actor {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
    }

    /** A member. */
    public static Actor member(String id) {
        return new Actor(Kind.MEMBER, id);
    }

    /** An operator. */
    public static Actor operator(String user) {
        return new Actor(Kind.OPERATOR, user);
    }

    /** A key server. */
    public static Actor server(String name) {
        return new Actor(Kind.SERVER, name);
    }

    /** Somebody unknown; the record's address tells where from. */
    public static Actor stranger() {
        return new Actor(Kind.STRANGER, "");
    }

    /** As it stands in the log: {@code member site-a}, {@code operator alice}, {@code server kms-1}, {@code stranger}. */
    @Override
    public String toString() {
        return name.isEmpty() ? kind.word : kind.word + ' ' + name;
    }
}
