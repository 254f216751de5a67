package org.pairspan.node.bearer;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ControlTransportPoller;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Iterator;

/**
 * A list that makes one iterator and gives it out again each time. Aeron goes through its channels at every turn with a new iterator, which
 * the compiler does not always do without once there are many; so it gets this list instead. For one thread that never goes through the
 * list inside of going through it.
 */
final class OneIteratorList extends ArrayList<Object> {

    private static final long serialVersionUID = 1;

    private final transient Cursor cursor = new Cursor();

    private final class Cursor implements Iterator<Object> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < size();
        }

        @Override
        public Object next() {
            return get(next++);
        }
    }

    /**
     * Puts such a list in the place of the one that Aeron's sender keeps of its channels. There is no setting for it.
     *
     * @param driver just launched, without channels.
     * @throws IllegalStateException if this version of Aeron keeps its channels otherwise.
     */
    static void installAt(MediaDriver driver) {
        try {
            Field poller = MediaDriver.Context.class.getDeclaredField("controlTransportPoller");
            Field channels = ControlTransportPoller.class.getDeclaredField("transports");
            poller.setAccessible(true);
            channels.setAccessible(true);
            channels.set(poller.get(driver.context()), new OneIteratorList());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Aeron keeps its channels otherwise than the one it was written for", e);
        }
    }

    @Override
    public Iterator<Object> iterator() {
        cursor.next = 0;
        return cursor;
    }
}
