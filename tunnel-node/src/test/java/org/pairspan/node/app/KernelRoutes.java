package org.pairspan.node.app;

import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pairspan.node.device.DeviceException;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.protocol.address.IpPrefix;

/** Routes as the kernel has them, which sometimes refuses; nothing else is asked of the device. */
final class KernelRoutes {
    final Set<IpPrefix> routes = ConcurrentHashMap.newKeySet();
    volatile boolean refusing;

    PacketDevice device() {
        return (PacketDevice) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PacketDevice.class}, (proxy, method, args) -> {
            if (refusing) {
                throw new DeviceException("refused");
            }
            return switch (method.getName()) {
                case "addRoute" -> { routes.add((IpPrefix) args[0]); yield null; }
                case "removeRoute" -> { routes.remove((IpPrefix) args[0]); yield null; }
                default -> throw new UnsupportedOperationException(method.getName());
            };
        });
    }
}
