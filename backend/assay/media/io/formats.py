"""What is read, in words: the list that people are shown is made from here."""

from typing import Final, Literal, NamedTuple


class Format(NamedTuple):
    """A family of `sniff`, as people know it. needs: what reads it, and where that comes from."""

    family: str
    kind: Literal["picture", "video", "sound"]
    name: str
    suffixes: str
    needs: str


_FFMPEG: Final = "FFmpeg's libraries (PyAV)"

FORMATS: Final = (
    Format("jpeg", "picture", "JPEG, also with stray bytes or cut off", "jpg jpeg mpo", "OpenCV"),
    Format("png", "picture", "PNG; APNG as video; HDR by cICP", "png apng", "OpenCV, Pillow"),
    Format("webp", "picture", "WebP; animated as video", "webp", "OpenCV, Pillow"),
    Format("gif", "picture", "GIF; animated as video", "gif", "OpenCV, Pillow"),
    Format("avif", "picture", "AVIF; sequences as video; HDR", "avif avifs", "OpenCV, Pillow"),
    Format("heif", "picture", "HEIC and HEIF, as iPhones write", "heic heif hif", "pillow-heif"),
    Format("tiff", "picture", "TIFF, first page", "tif tiff", "Pillow"),
    Format("jpeg2000", "picture", "JPEG 2000", "jp2 j2k jpx", "Pillow"),
    Format("jxl", "picture", "JPEG XL", "jxl", "FFmpeg's program, if built with libjxl"),
    Format("bmp", "picture", "BMP", "bmp dib", "OpenCV"),
    Format("mov", "video", "MP4, MOV, M4A, 3GP, fragments", "mp4 mov m4v m4a 3gp", _FFMPEG),
    Format("matroska", "video", "Matroska and WebM", "mkv webm mka", _FFMPEG),
    Format("avi", "video", "AVI", "avi", _FFMPEG),
    Format("mpegts", "video", "MPEG transport stream, cut anywhere", "ts mts m2ts", _FFMPEG),
    Format("mpeg", "video", "MPEG program stream, DVD, CCTV", "mpg vob mod", _FFMPEG),
    Format("asf", "video", "Windows Media", "wmv asf wma", _FFMPEG),
    Format("flv", "video", "Flash video", "flv", _FFMPEG),
    Format("ogg", "video", "Ogg: Theora, Vorbis, Opus, Speex", "ogg ogv opus spx", _FFMPEG),
    Format("mxf", "video", "MXF of cameras and broadcasters", "mxf", _FFMPEG),
    Format("gxf", "video", "GXF of broadcasters", "gxf", _FFMPEG),
    Format("dv", "video", "DV", "dv", _FFMPEG),
    Format("dhav", "video", "Dahua CCTV", "dav", _FFMPEG),
    Format("wtv", "video", "Windows recorded TV", "wtv", _FFMPEG),
    Format("rm", "video", "RealMedia", "rm rmvb", _FFMPEG),
    Format("nut", "video", "NUT", "nut", _FFMPEG),
    Format("ivf", "video", "VP8, VP9 or AV1 in IVF", "ivf", _FFMPEG),
    Format("yuv4mpegpipe", "video", "YUV4MPEG2", "y4m", _FFMPEG),
    Format("h264", "video", "H.264 without a container", "h264 264", _FFMPEG),
    Format("hevc", "video", "H.265 without a container", "h265 265 hevc", _FFMPEG),
    Format("mpegvideo", "video", "MPEG-1 and 2 without a container", "m1v m2v", _FFMPEG),
    Format("m4v", "video", "MPEG-4 part 2 without a container", "m4v", _FFMPEG),
    Format("vc1", "video", "VC-1 without a container", "vc1", _FFMPEG),
    Format("mp3", "sound", "MPEG audio, tagged, padded or cut anywhere", "mp3 mp2 mp1", _FFMPEG),
    Format("aac", "sound", "AAC in ADTS", "aac", _FFMPEG),
    Format("ac3", "sound", "Dolby Digital", "ac3", _FFMPEG),
    Format("eac3", "sound", "Dolby Digital Plus", "eac3 ec3", _FFMPEG),
    Format("dts", "sound", "DTS", "dts", _FFMPEG),
    Format("wav", "sound", "WAV and RF64", "wav", _FFMPEG),
    Format("w64", "sound", "Wave64", "w64", _FFMPEG),
    Format("flac", "sound", "FLAC, also behind ID3", "flac", _FFMPEG),
    Format("aiff", "sound", "AIFF", "aif aiff aifc", _FFMPEG),
    Format("caf", "sound", "Core Audio", "caf", _FFMPEG),
    Format("au", "sound", "Sun audio", "au snd", _FFMPEG),
    Format("amr", "sound", "AMR of telephones", "amr", _FFMPEG),
    Format("wv", "sound", "WavPack", "wv", _FFMPEG),
    Format("ape", "sound", "Monkey's Audio", "ape", _FFMPEG),
    Format("tta", "sound", "True Audio", "tta", _FFMPEG),
    Format("dsf", "sound", "DSD", "dsf", _FFMPEG),
    Format("mpc", "sound", "Musepack, version 7", "mpc", _FFMPEG),
    Format("mpc8", "sound", "Musepack, version 8", "mpc", _FFMPEG),
    Format("voc", "sound", "Creative Voice", "voc", _FFMPEG),
)
