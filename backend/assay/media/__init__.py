"""Bytes to material. Everything that touches a stranger's file lives here, limits before work.

sniff          what a file claims to be, from its first bytes; chooses the demuxer
  sync           streams without a signature    unread    what is not read, by name
  encryption     what a key locks               formats   the list for people
probe          the gate: kind, size, length, and whether a first picture or sound decodes
  duration       how long it really is
  still_header   what a still says before it is decoded
reader         the door: open_media gives info, frames, speech, warnings
  container      FFmpeg's libraries, opened safely; tracks; packets past damage; seeking
  video          first reader: PyAV        grid      frames on a regular clock
  opencv         second reader             picture   luma and RGB of a decoded picture
  repair         last resort: FFmpeg's program
  stills         pictures as displayed     animation pictures that follow one another
  hdr, gamut     to sRGB                   interlace combs taken out
  speech         16 kHz mono of the examined spans;  voice  where somebody speaks
  listening      which spans of a long sound those are
sampling       which moments are looked at;  patches  which squares of a whole picture
hints          what packets and headers tell without decoding
  packet_table, bitstream, motion, shot_cuts, silence, recompression, traces, boxes
  credentials    Content Credentials (C2PA), read by c2pa_program in a process of its own
faces          detection, tracks, persons, crops;  look  where there are any
  photographs    who is drawn, painted or masked, and not judged
material       what the branches get
stages         what people see of all this, declared without importing it
"""
