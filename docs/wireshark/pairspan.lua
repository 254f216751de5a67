-- Wireshark dissector for Pairspan's datagrams (docs/protocol.md has the byte diagrams).
--
--   SPA header (12 bytes: version, flags, length, tag), then ESP as RFC 4303 has it; where Wireshark knows the key,
--   the decrypted payload: fragment header (8 bytes), then a piece of an Aeron datagram: one or more Aeron frames, each data frame with
--   an offload header (10 bytes) and one IP packet of the site.
--
-- One UDP payload may hold several datagrams where the capturing kernel passed on a segmentation offload frame.
-- Registers on UDP port 4710 (preference "UDP ports"); usage is in README.md beside this file.

local pairspan = Proto("pairspan", "Pairspan SPA and ESP")
local fragment = Proto("pairspan_fragment", "Pairspan fragment")

local SPA_LENGTH = 12
local FRAGMENT_LENGTH = 8
local SHORTEST_DATAGRAM = 54
-- RFC 3692 number for experiments: the ESP payload is a fragment of a bearer datagram.
local NEXT_HEADER_FRAGMENT = 253
local AERON_ALIGNMENT = 32
local AERON_DATA_HEADER = 32
local AERON_DATA = 1
local OFFLOAD_HEADER = 10

pairspan.prefs.ports = Pref.range("UDP ports", "4710", "Ports of the nodes' bearers", 65535)

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
g.aeron = ProtoField.bytes("pairspan.aeron", "Aeron frame")
g.aeron_type = ProtoField.uint16("pairspan.aeron.type", "Type", base.DEC,
  {[0] = "Padding", [1] = "Data", [2] = "NAK", [3] = "Status message", [4] = "Error", [5] = "Setup", [6] = "RTT measurement"})
g.aeron_stream = ProtoField.uint32("pairspan.aeron.stream", "Stream (the sender's member number)")
g.offload = ProtoField.bytes("pairspan.offload", "Offload header")
g.inner = ProtoField.bytes("pairspan.inner", "Inner packet")

local esp = Dissector.get("esp")
local ipv4 = Dissector.get("ip")
local ipv6 = Dissector.get("ipv6")

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
  local source, destination = pinfo.src, pinfo.dst
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
    -- An inner packet has put its own addresses there; the next datagram's key is looked up by the outer ones.
    pinfo.src, pinfo.dst = source, destination
    offset = offset + length
  end
  pinfo.cols.protocol = "Pairspan"
  return offset
end

-- One IP packet of the site behind its offload header.
local function inner_packet(message, pinfo, tree)
  tree:add(g.offload, message(0, OFFLOAD_HEADER))
  local packet = message(OFFLOAD_HEADER)
  tree:add(g.inner, packet)
  local version = packet(0, 1):bitfield(0, 4)
  if version == 4 then
    ipv4:call(packet:tvb(), pinfo, tree)
  elseif version == 6 then
    ipv6:call(packet:tvb(), pinfo, tree)
  end
end

-- The Aeron frames that lie whole in the first piece of a datagram; for the others Wireshark would have to put pieces together.
local function aeron_frames(data, pinfo, tree)
  local offset = 0
  while offset + 8 <= data:len() do
    local length = data(offset, 4):le_uint()
    if length < 8 or offset + length > data:len() then
      return
    end
    local frame = data(offset, length)
    local node = tree:add(g.aeron, frame)
    local kind = frame(6, 2):le_uint()
    node:add_le(g.aeron_type, frame(6, 2))
    if kind == AERON_DATA and length > AERON_DATA_HEADER + OFFLOAD_HEADER then
      node:add_le(g.aeron_stream, frame(16, 4))
      inner_packet(frame(AERON_DATA_HEADER), pinfo, node)
    end
    offset = offset + math.ceil(length / AERON_ALIGNMENT) * AERON_ALIGNMENT
  end
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
  if buffer:len() > FRAGMENT_LENGTH then
    local data = buffer(FRAGMENT_LENGTH)
    node:add(g.data, data)
    if buffer(4, 2):uint() == 0 then
      aeron_frames(data, pinfo, node)
    end
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
