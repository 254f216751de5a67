-- Wireshark dissector for Pairspan's datagrams (docs/protocol.md has the byte diagrams).
--
--   SPA header (12 bytes: version, flags, length, tag), then ESP as RFC 4303 has it; where Wireshark knows the key,
--   the decrypted payload: a bearer segment (pieces of the stream, each an IP packet of the site or a part of one), or a control message.
--
-- One UDP payload may hold several datagrams where the capturing kernel passed on a segmentation offload frame.
-- Registers on UDP port 4710 (preference "UDP ports"); usage is in README.md beside this file.

local pairspan = Proto("pairspan", "Pairspan SPA and ESP")
local segment = Proto("pairspan_segment", "Pairspan bearer segment")
local control = Proto("pairspan_control", "Pairspan control message")

local SPA_LENGTH = 12
local SHORTEST_DATAGRAM = 48
-- RFC 3692 numbers for experiments.
local NEXT_HEADER_SEGMENT = 253
local NEXT_HEADER_CONTROL = 254
local SEGMENT_PREFIX = 12
local PIECE_PREFIX = 10
local TRANSPORT = 1

pairspan.prefs.ports = Pref.range("UDP ports", "4710", "Ports of the nodes' bearers", 65535)

local f = pairspan.fields
f.version = ProtoField.uint8("pairspan.version", "Version")
f.flags = ProtoField.uint8("pairspan.flags", "Flags", base.HEX)
f.length = ProtoField.uint16("pairspan.length", "Datagram length")
f.tag = ProtoField.bytes("pairspan.tag", "SPA tag")
f.member = ProtoField.uint32("pairspan.member", "Sender's member number")
f.generation = ProtoField.uint32("pairspan.generation", "Generation (low 5 bits)")
f.epoch = ProtoField.uint32("pairspan.epoch", "Epoch")

local g = segment.fields
g.session = ProtoField.uint32("pairspan.session", "Session id", base.HEX)
g.term = ProtoField.int32("pairspan.term", "Term id")
g.offset = ProtoField.uint32("pairspan.term.offset", "Term offset of the first piece")
g.piece = ProtoField.bytes("pairspan.piece", "Piece")
g.flags = ProtoField.uint8("pairspan.piece.flags", "Flags", base.HEX)
g.reliable = ProtoField.bool("pairspan.piece.reliable", "Reliable class", 8, nil, 0x01)
g.first = ProtoField.bool("pairspan.piece.first", "First of a message", 8, nil, 0x02)
g.last = ProtoField.bool("pairspan.piece.last", "Last of a message", 8, nil, 0x04)
g.checksum = ProtoField.bool("pairspan.piece.needs_checksum", "Needs its checksum", 8, nil, 0x08)
g.super = ProtoField.bool("pairspan.piece.super", "TCP super-packet", 8, nil, 0x10)
g.resent = ProtoField.bool("pairspan.piece.resent", "Sent before", 8, nil, 0x20)
g.incarnation = ProtoField.uint8("pairspan.piece.incarnation", "Incarnation")
g.word = ProtoField.uint16("pairspan.piece.word", "Index, or segment size")
g.number = ProtoField.uint32("pairspan.piece.number", "Number")
g.inner = ProtoField.bytes("pairspan.inner", "Inner packet")

local c = control.fields
c.type = ProtoField.uint8("pairspan.control.type", "Type", base.DEC,
  {[1] = "Transport", [2] = "Acknowledgement", [3] = "Round-trip time", [4] = "Heartbeat", [5] = "Alert", [6] = "Flow control",
   [7] = "Handshake", [8] = "Key update", [9] = "Path probe", [10] = "Padded"})
c.body = ProtoField.bytes("pairspan.control.body", "Message")
c.aeron_type = ProtoField.uint16("pairspan.aeron.type", "Aeron frame", base.DEC,
  {[0] = "Padding", [1] = "Heartbeat", [3] = "Status message", [5] = "Setup"})

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
    node:add(f.generation, spi, spi:bitfield(20, 5)):set_generated()
    node:add(f.epoch, spi, spi:bitfield(25, 7)):set_generated()
    esp:call(buffer(offset + SPA_LENGTH, length - SPA_LENGTH):tvb(), pinfo, tree)
    -- An inner packet has put its own addresses there; the next datagram's key is looked up by the outer ones.
    pinfo.src, pinfo.dst = source, destination
    offset = offset + length
  end
  pinfo.cols.protocol = "Pairspan"
  return offset
end

-- One IP packet of the site.
local function inner_packet(packet, pinfo, tree)
  tree:add(g.inner, packet)
  local version = packet(0, 1):bitfield(0, 4)
  if version == 4 then
    ipv4:call(packet:tvb(), pinfo, tree)
  elseif version == 6 then
    ipv6:call(packet:tvb(), pinfo, tree)
  end
end

-- Pieces that follow each other in the stream; a length of 0, or the end, ends them.
function segment.dissector(buffer, pinfo, tree)
  if buffer:len() < SEGMENT_PREFIX then
    return 0
  end
  local node = tree:add(segment, buffer())
  node:add(g.session, buffer(0, 4))
  node:add(g.term, buffer(4, 4))
  node:add(g.offset, buffer(8, 4))
  local offset = SEGMENT_PREFIX
  while offset + PIECE_PREFIX <= buffer:len() do
    local length = buffer(offset, 2):uint()
    if length == 0 or length > buffer:len() - offset - PIECE_PREFIX then
      break
    end
    local piece = node:add(g.piece, buffer(offset + PIECE_PREFIX, length))
    local flags = buffer(offset + 2, 1)
    for _, field in ipairs({g.flags, g.reliable, g.first, g.last, g.checksum, g.super, g.resent}) do
      piece:add(field, flags)
    end
    piece:add(g.incarnation, buffer(offset + 3, 1))
    piece:add(g.word, buffer(offset + 4, 2))
    piece:add(g.number, buffer(offset + 6, 4))
    -- Where a packet has several pieces Wireshark would have to put them together.
    if flags:bitfield(5, 2) == 3 then
      inner_packet(buffer(offset + PIECE_PREFIX, length), pinfo, piece)
    end
    offset = offset + PIECE_PREFIX + length
  end
  return buffer:len()
end

function control.dissector(buffer, pinfo, tree)
  if buffer:len() == 0 then
    return 0
  end
  local node = tree:add(control, buffer())
  node:add(c.type, buffer(0, 1))
  if buffer:len() > 1 then
    node:add(c.body, buffer(1))
  end
  if buffer(0, 1):uint() == TRANSPORT and buffer:len() > 8 then
    node:add_le(c.aeron_type, buffer(7, 2))
  end
  return buffer:len()
end

DissectorTable.get("ip.proto"):add(NEXT_HEADER_SEGMENT, segment)
DissectorTable.get("ip.proto"):add(NEXT_HEADER_CONTROL, control)

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
