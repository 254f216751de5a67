-- Wireshark dissector for Pairspan's datagrams (docs/protocol.md has the byte diagrams).
--
--   SPA header (12 bytes: version, flags, length, tag), then ESP as RFC 4303 has it; where Wireshark knows the key,
--   the decrypted payload: fragment header (8 bytes), then a piece of an Aeron datagram; in a data frame's payload, IP packets.
--
-- One UDP payload may hold several datagrams where the capturing kernel passed on a segmentation offload frame.
-- Registers on UDP port 4500 (preference "UDP ports"); usage is in README.md beside this file.

local pairspan = Proto("pairspan", "Pairspan SPA and ESP")
local fragment = Proto("pairspan_fragment", "Pairspan fragment")

local SPA_LENGTH = 12
local FRAGMENT_LENGTH = 8
local SHORTEST_DATAGRAM = 54
-- RFC 3692 number for experiments: the ESP payload is a fragment of a bearer datagram.
local NEXT_HEADER_FRAGMENT = 253
local AERON_DATA_HEADER = 32

pairspan.prefs.ports = Pref.range("UDP ports", "4500", "Ports of the nodes' bearers", 65535)

local f = pairspan.fields
f.version = ProtoField.uint8("pairspan.version", "Version")
f.flags = ProtoField.uint8("pairspan.flags", "Flags", base.HEX)
f.length = ProtoField.uint16("pairspan.length", "Datagram length")
f.tag = ProtoField.bytes("pairspan.tag", "SPA tag")
f.member = ProtoField.uint32("pairspan.member", "Sender's member number")
f.generation = ProtoField.uint32("pairspan.generation", "Generation (low 12 bits)")

local g = fragment.fields
g.id = ProtoField.uint32("pairspan.fragment.id", "Bearer datagram id")
g.offset = ProtoField.uint16("pairspan.fragment.offset", "Offset")
g.total = ProtoField.uint16("pairspan.fragment.total", "Bearer datagram length")
g.data = ProtoField.bytes("pairspan.fragment.data", "Bytes of the bearer datagram")
g.inner = ProtoField.bytes("pairspan.inner", "Inner packet")

local esp = Dissector.get("esp")

-- Is a whole datagram of ours at this offset?
local function datagram_length(buffer, offset)
  if buffer:len() - offset < SHORTEST_DATAGRAM or buffer(offset, 1):uint() ~= 1 or buffer(offset + 1, 1):uint() ~= 0 then
    return 0
  end
  local length = buffer(offset + 2, 2):uint()
  if length < SHORTEST_DATAGRAM or length > buffer:len() - offset then
    return 0
  end
  return length
end

function pairspan.dissector(buffer, pinfo, tree)
  local offset = 0
  while offset < buffer:len() do
    local length = datagram_length(buffer, offset)
    if length == 0 then
      return offset
    end
    local node = tree:add(pairspan, buffer(offset, SPA_LENGTH))
    node:add(f.version, buffer(offset, 1))
    node:add(f.flags, buffer(offset + 1, 1))
    node:add(f.length, buffer(offset + 2, 2))
    node:add(f.tag, buffer(offset + 4, 8))
    local spi = buffer(offset + SPA_LENGTH, 4)
    node:add(f.member, spi, spi:bitfield(0, 20)):set_generated()
    node:add(f.generation, spi, spi:bitfield(20, 12)):set_generated()
    esp:call(buffer(offset + SPA_LENGTH, length - SPA_LENGTH):tvb(), pinfo, tree)
    offset = offset + length
  end
  pinfo.cols.protocol = "Pairspan"
  return offset
end

-- What ESP hands over once it has decrypted: the fragment header and a piece of a bearer datagram.
function fragment.dissector(buffer, pinfo, tree)
  if buffer:len() < FRAGMENT_LENGTH then
    return 0
  end
  local node = tree:add(fragment, buffer())
  node:add(g.id, buffer(0, 4))
  node:add(g.offset, buffer(4, 2))
  node:add(g.total, buffer(6, 2))
  if buffer:len() == FRAGMENT_LENGTH then
    return FRAGMENT_LENGTH
  end
  local data = buffer(FRAGMENT_LENGTH)
  node:add(g.data, data)
  local first, total = buffer(4, 2):uint() == 0, buffer(6, 2):uint()
  -- Only a datagram that came in one piece can be read without putting pieces together.
  if first and total == data:len() and data:len() > AERON_DATA_HEADER and data(6, 2):le_uint() == 1 then
    node:add(g.inner, data(AERON_DATA_HEADER))
  end
  return buffer:len()
end

DissectorTable.get("ip.proto"):add(NEXT_HEADER_FRAGMENT, fragment)

local registered
local function register()
  local ports = DissectorTable.get("udp.port")
  if registered then
    ports:remove(registered, pairspan)
  end
  registered = pairspan.prefs.ports
  ports:add(registered, pairspan)
end
pairspan.prefs_changed = register
register()
