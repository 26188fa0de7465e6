"""Bytes to material. Everything that touches a stranger's file lives here, limits before work.

sniff          what a file claims to be, from its first bytes; chooses the demuxer
probe          the gate: kind, size, length, and whether a first picture or sound decodes
  duration       how long it really is
  still_header   size, orientation and EXIF of stills, before decoding
reader         the door: open_media gives info, frames, speech, warnings
  container      FFmpeg's libraries, opened safely; packets past damage; seeking
  video          first reader: PyAV        grid      frames on a regular clock
  opencv         second reader             picture   luma and RGB of a decoded picture
  repair         last resort: FFmpeg's program
  stills         pictures as displayed
  speech         16 kHz mono of the examined spans;  voice  where somebody speaks
sampling       which moments are looked at
hints          what packets and headers tell without decoding
  packet_table, bitstream, motion, shot_cuts, silence, recompression, traces, boxes
  credentials    Content Credentials (C2PA), read by c2pa_program in a process of its own
faces          detection, tracks, persons, crops
material       what the branches get
stages         what people see of all this, declared without importing it
"""
