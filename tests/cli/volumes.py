#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Medical images written by nibabel, pydicom, GDCM's tools and ITK (through plastimatch) are read back exactly, geometry and
voxels; files that were cut, that lie or that are not understood get one clear error."""
import gzip
import json
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import zlib

try:
    import nibabel
    import numpy
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from support import Program, Tally

PROGRAM, TALLY = Program(sys.argv[1]), Tally()
SHAPE = (19, 13, 11)  # x, y, z
DIAGONAL = numpy.diag([-1.0, -1.0, 1.0, 1.0])  # nibabel speaks of right and anterior, we of left and posterior


def volume(path, *words, **more):
    return PROGRAM.run("volume", path, "--json", *words, **more)


def described(path, *words) -> dict:
    done = volume(path, *words)
    TALLY.check(done.returncode == 0, f"reads {path.name} {words}", done.stderr.decode())
    return json.loads(done.stdout) if done.returncode == 0 else {}


def voxels(shape=SHAPE, dtype="int16") -> numpy.ndarray:
    random = numpy.random.default_rng(7)
    if dtype.startswith("f"):
        return random.normal(0, 300, shape).astype(dtype)
    info = numpy.iinfo(dtype)
    return random.integers(max(info.min, -2000), min(info.max, 3000), shape, dtype=dtype)


def checksum(data: numpy.ndarray) -> str:
    return "crc32:%08x" % zlib.crc32(data.astype(data.dtype.newbyteorder("<")).tobytes(order="F"))


def same(name: str, got: dict, data: numpy.ndarray, affine: numpy.ndarray, places: float = 1e-5) -> None:
    """`affine` takes voxel indices to our frame."""
    TALLY.check(got.get("size") == list(data.shape), f"{name}: size", str(got.get("size")))
    TALLY.check(got.get("type") == data.dtype.newbyteorder("=").name, f"{name}: type", str(got.get("type")))
    axes = numpy.array(got.get("direction", [0] * 9)).reshape(3, 3).T * numpy.array(got.get("spacing_mm", [0] * 3))
    TALLY.check(numpy.allclose(axes, affine[:3, :3], atol=places), f"{name}: axes", f"{axes}\n{affine}")
    TALLY.check(numpy.allclose(got.get("origin_mm", [9e9] * 3), affine[:3, 3], atol=20 * places), f"{name}: origin", f"{got.get('origin_mm')} {affine[:3, 3]}")
    if "values" in got:
        TALLY.check(got["values"]["checksum"] == checksum(data), f"{name}: voxels", str(got["values"]))


def oblique() -> numpy.ndarray:
    """Rotated about two axes, anisotropic; in nibabel's frame."""
    a, b = 0.3, -0.2
    turn = numpy.array([[numpy.cos(a), -numpy.sin(a), 0], [numpy.sin(a), numpy.cos(a), 0], [0, 0, 1]]) @ \
        numpy.array([[1, 0, 0], [0, numpy.cos(b), -numpy.sin(b)], [0, numpy.sin(b), numpy.cos(b)]])
    affine = numpy.eye(4)
    affine[:3, :3] = turn @ numpy.diag([-0.7, -0.8, 1.25])
    affine[:3, 3] = [10.5, -20.25, 33]
    return affine


def nifti(folder: pathlib.Path) -> None:
    for kind, dtype, ending in ((nibabel.Nifti1Image, "int16", "nii"), (nibabel.Nifti1Image, "uint8", "nii.gz"),
                                (nibabel.Nifti2Image, "float32", "nii"), (nibabel.Nifti2Image, "int32", "nii.gz"),
                                (nibabel.Nifti1Image, "float64", "nii.gz"), (nibabel.Nifti1Image, ">i2", "nii")):
        data, affine = voxels(dtype=numpy.dtype(dtype).newbyteorder("=").name), oblique()
        image = kind(data, affine)
        if dtype[0] == ">":
            image = kind(data.astype(dtype), affine, kind.header_class(endianness=">"))
            image.set_data_dtype(dtype)
        image.header.set_xyzt_units("mm")
        path = folder / f"{kind.__name__}-{data.dtype.name}-{dtype[0] == '>'}.{ending}"
        image.to_filename(path)
        same(path.name, described(path), data, DIAGONAL @ affine)
        TALLY.check("values" not in described(path, "--header-only"), f"{path.name}: --header-only reads no voxels")
        image.set_sform(None, code=0)
        image.set_qform(affine, code=1)
        image.to_filename(path)
        same("quaternion " + path.name, described(path), data, DIAGONAL @ affine)
    scaled = nibabel.Nifti1Image(voxels(), oblique())
    scaled.header.set_slope_inter(0.5, -1024)
    scaled.header.set_data_dtype("int16")
    raw = bytearray(scaled.to_bytes())
    raw[112:120] = numpy.array([0.5, -1024], "<f4").tobytes()
    (folder / "scaled.nii").write_bytes(raw)
    got = described(folder / "scaled.nii")
    TALLY.check((got.get("slope"), got.get("intercept")) == (0.5, -1024), "slope and intercept", str(got))


def itk(folder: pathlib.Path) -> None:
    """plastimatch reads and writes with ITK."""
    if not shutil.which("plastimatch"):
        TALLY.skip("MetaImage and NRRD by ITK", "plastimatch is not installed")
        return
    data, affine = voxels(), oblique()
    image = nibabel.Nifti1Image(data, affine)
    image.header.set_xyzt_units("mm")
    image.to_filename(folder / "in.nii")
    for ending in ("mha", "mhd", "nrrd"):
        path = folder / f"itk.{ending}"
        done = subprocess.run(["plastimatch", "convert", "--input", folder / "in.nii", "--output-img", path, "--output-type", "short"],
                              capture_output=True, timeout=60, check=False)
        TALLY.check(done.returncode == 0 and path.exists(), f"plastimatch writes {ending}", done.stdout.decode() + done.stderr.decode())
        same(path.name, described(path), data, DIAGONAL @ affine, 1e-4)


def slices(folder: pathlib.Path, data: numpy.ndarray, syntax, slope=lambda z: (1, -1024), skip=(), series=None) -> numpy.ndarray:
    """One CT series by pydicom; file names run against the position. The affine in our frame."""
    folder.mkdir()
    series = series or generate_uid()
    row, column = numpy.array([0.8, 0.6, 0.0]), numpy.array([-0.6, 0.8, 0.0])
    normal, origin = numpy.cross(row, column), numpy.array([-120.5, -99.25, 12.5])
    for z in range(data.shape[2]):
        if z in skip:
            continue
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = CTImageStorage, generate_uid(), syntax
        path = folder / f"slice{1000 - z}.dcm"
        file = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
        file.is_little_endian, file.is_implicit_VR = True, syntax == ImplicitVRLittleEndian
        file.SOPClassUID, file.SOPInstanceUID, file.SeriesInstanceUID, file.StudyInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID, series, series
        file.Modality, file.PatientName, file.PatientID, file.InstanceNumber = "CT", "Phantom", "1", (z * 7) % 11
        file.Rows, file.Columns, file.SamplesPerPixel, file.PhotometricInterpretation = data.shape[1], data.shape[0], 1, "MONOCHROME2"
        file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 16, 16, 15, 1
        file.PixelSpacing, file.SliceThickness = [0.8, 0.7], 5.0  # rows 0.8 apart; a thickness that is not the distance
        file.ImageOrientationPatient = [*row, *column]
        file.ImagePositionPatient = [round(v, 6) for v in origin + 1.25 * z * normal]
        file.RescaleSlope, file.RescaleIntercept = slope(z)
        file.PixelData = data[:, :, z].astype("<i2").tobytes(order="F")
        file.save_as(path, write_like_original=False)
    affine = numpy.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 2], affine[:3, 3] = 0.7 * row, 0.8 * column, 1.25 * normal, origin
    return affine


def dicom(folder: pathlib.Path) -> None:
    data = voxels()
    affine = slices(folder / "series", data, ExplicitVRLittleEndian)
    done = volume(folder / "series")
    if done.returncode == 3 and b"without GDCM" in done.stderr:
        TALLY.skip("DICOM", "built without GDCM")
        return
    got = described(folder / "series")
    same("DICOM series", got, data, affine)
    TALLY.check((got.get("slope"), got.get("intercept"), got.get("files")) == (1, -1024, SHAPE[2]), "DICOM scaling", str(got))
    slices(folder / "implicit", data, ImplicitVRLittleEndian)
    same("implicit DICOM", described(folder / "implicit"), data, affine)
    for way in ("--jpegls", "--j2k", "--rle", "--jpeg"):
        packed = folder / way[2:]
        packed.mkdir()
        for file in sorted((folder / "series").iterdir()):
            subprocess.run(["gdcmconv", way, file, packed / file.name], capture_output=True, timeout=60, check=False)
        if len(list(packed.iterdir())) != SHAPE[2]:
            TALLY.skip(f"DICOM {way}", "gdcmconv did not write it")
            continue
        same(f"DICOM {way}", described(packed), data, affine)
    slices(folder / "scaled", data, ExplicitVRLittleEndian, slope=lambda z: (1 + z, -z))
    got = described(folder / "scaled")
    z = numpy.arange(SHAPE[2])
    same("DICOM scaled by slice", got, (data * (1.0 + z) - z).astype("float32"), affine)
    slices(folder / "gap", data, ExplicitVRLittleEndian, skip=(4,))
    refused(folder / "gap", "a slice is missing")
    slices(folder / "twice", data, ExplicitVRLittleEndian, series="1.2.3")
    for file in sorted((folder / "twice").iterdir())[:1]:
        shutil.copy(file, folder / "twice" / "again.dcm")
    refused(folder / "twice", "at the same place")
    slices(folder / "other", data, ExplicitVRLittleEndian, series="1.2.4")
    for file in (folder / "other").iterdir():
        shutil.copy(file, folder / "twice" / f"other-{file.name}")
    (folder / "twice" / "again.dcm").unlink()
    refused(folder / "twice", "several series")
    same("one of two series", described(folder / "twice", "--series", "1.2.4"), data, affine)
    (folder / "nothing").mkdir()
    refused(folder / "nothing", "no DICOM image")
    one = sorted((folder / "series").iterdir())[0]
    hostile(one, "one slice", (b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.1.99"))


def refused(path: pathlib.Path, words: str, *more, code=2) -> None:
    done = volume(path, *more)
    text = done.stderr.decode()
    TALLY.check(done.returncode == code and words in text and text.count("ridgepoint:") == 1 and not done.stdout,
                f"refuses {path.name} with '{words}'", f"{done.returncode} {text}")


def hostile(path: pathlib.Path, name: str, *swaps) -> None:
    """Cut at every 64th byte (of small files), and with words replaced: an answer or one error, never a crash."""
    whole = path.read_bytes()
    cut = path.with_name("cut-" + path.name)
    for end in range(0, min(len(whole), 64 * 96), 64):
        cut.write_bytes(whole[:end])
        done = volume(cut)
        TALLY.check(done.returncode == 2 and done.stderr.count(b"ridgepoint:") == 1, f"{name} cut at {end}", f"{done.returncode} {done.stderr.decode()}")
    for old, new in swaps:
        cut.write_bytes(whole.replace(old, new, 1))
        TALLY.check(whole.count(old) > 0, f"{name} holds {old}")
        done = volume(cut)
        TALLY.check(done.returncode == 2 and done.stderr.count(b"ridgepoint:") == 1, f"{name} with {new}", f"{done.returncode} {done.stderr.decode()}")
    cut.unlink()


def lies(folder: pathlib.Path) -> None:
    image = nibabel.Nifti1Image(voxels((5, 4, 3)), numpy.eye(4))
    image.to_filename(folder / "small.nii")
    image.to_filename(folder / "small.nii.gz")
    hostile(folder / "small.nii", "NIfTI")
    hostile(folder / "small.nii.gz", "NIfTI, packed")
    (folder / "small.mha").write_bytes(b"NDims = 3\nDimSize = 5 4 3\nElementType = MET_SHORT\nElementSpacing = 1 1 2\nElementDataFile = LOCAL\n" + b"\0\1" * 60)
    described(folder / "small.mha")
    hostile(folder / "small.mha", "MetaImage", (b"5 4 3", b"500000 400000 300000"), (b"5 4 3", b"9999999999999999999 1 1"), (b"5 4 3", b"-5 4 3"),
            (b"MET_SHORT", b"MET_LONG_LONG"), (b"LOCAL", b"../small.nii"), (b"LOCAL", b"/etc/passwd"), (b"1 1 2", b"1 nan 2"), (b"1 1 2", b"1 0 2"),
            (b"LOCAL", b"LIST"))
    (folder / "small.nrrd").write_bytes(b"NRRD0004\ntype: short\ndimension: 3\nsizes: 5 4 3\nspacings: 1 1 2\nendian: little\nencoding: raw\n\n" + b"\0\1" * 60)
    described(folder / "small.nrrd")
    hostile(folder / "small.nrrd", "NRRD", (b"5 4 3", b"1048577 1 1"), (b"short", b"block"), (b"raw", b"bzip2"), (b"raw", b"gzip"), (b"dimension: 3", b"dimension: 99"))
    # A bomb: a header that tells of 4 GiB in a file of kilobytes, and one whose stream never ends.
    header = bytearray(image.to_bytes()[:352])
    header[40:48] = numpy.array([3, 2048, 2048, 512], "<i2").tobytes()
    (folder / "huge.nii.gz").write_bytes(gzip.compress(bytes(header) + b"\0" * 1000))
    refused(folder / "huge.nii.gz", "too few packed bytes")
    header[40:48] = numpy.array([3, 5, 4, 3], "<i2").tobytes()
    (folder / "bomb.nii.gz").write_bytes(gzip.compress(bytes(header) + b"\0" * (1 << 28)))
    refused(folder / "bomb.nii.gz", "more than the 120 bytes")
    header[40:48] = numpy.array([3, 1024, 1024, 100], "<i2").tobytes()
    (folder / "large.nii.gz").write_bytes(gzip.compress(bytes(header) + b"\0" * (200 << 20)))
    refused(folder / "large.nii.gz", "--memory", "--memory", "100 MB", code=3)
    few = (150 << 20, 150 << 20)
    starve = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_DATA, few)}
    limited = volume(folder / "large.nii.gz", **starve)
    if PROGRAM.run("--version", **starve).returncode != 0:
        TALLY.skip("memory the system refuses", "a sanitizer needs more to start")
    else:
        TALLY.check(limited.returncode in (3, 4) and limited.stderr.count(b"ridgepoint:") == 1, "memory the system refuses", f"{limited.returncode} {limited.stderr.decode()}")
    (folder / "words.bin").write_bytes(b"just words, and many of them " * 20)
    refused(folder / "words.bin", "no format that is known")
    refused(folder / "absent.nii", "no such file")
    refused(folder / "words.bin", "bytes of voxels", "--raw", "size=512x512x300 type=int16")
    refused(folder / "words.bin", "type is missing", "--raw", "size=5x4x3")
    data = voxels((5, 4, 3), "uint16")
    (folder / "plain.bin").write_bytes(b"12345" + data.astype(">u2").tobytes(order="F"))
    same("raw", described(folder / "plain.bin", "--raw", "size=5x4x3 type=uint16 spacing=0.5x1x2 offset=5 order=big"), data, numpy.diag([0.5, 1, 2, 1]))


def phantom(folder: pathlib.Path) -> None:
    """Written and read by others; the truth beside it; the pipeline on it."""
    names = ("scan.nii.gz", "scan.nii", "scan.mha", "scan.mhd")
    for name in names:
        done = PROGRAM.run("phantom", folder / name, "--size", "64x48x40", "--spacing", "1.2x1.4x2", "--json")
        TALLY.check(done.returncode == 0, f"writes {name}", done.stderr.decode())
    truth = json.loads((folder / "scan.truth.json").read_text())
    TALLY.check(truth["checksum"] == described(folder / "scan.mha")["values"]["checksum"], "checksum of the truth")
    image = nibabel.load(folder / "scan.nii.gz")
    data = numpy.asanyarray(image.dataobj)
    TALLY.check(checksum(data) == truth["checksum"], "nibabel reads what we wrote", f"{data.shape} {data.dtype}")
    TALLY.check(numpy.allclose(nibabel.affines.voxel_sizes(image.affine), [1.2, 1.4, 2]), "nibabel reads our spacing")
    if shutil.which("plastimatch"):
        for name in names[1:]:
            subprocess.run(["plastimatch", "convert", "--input", folder / name, "--output-img", folder / "by-itk.nii"], capture_output=True, timeout=60, check=False)
            back = nibabel.load(folder / "by-itk.nii")
            TALLY.check(checksum(numpy.asanyarray(back.dataobj)) == truth["checksum"], f"ITK reads our {name}")
            TALLY.check(numpy.allclose(back.affine, image.affine, atol=1e-4), f"ITK reads the place of our {name}", f"{back.affine} {image.affine}")
    hostile(folder / "scan.truth.json", "a truth is no volume")
    missing = PROGRAM.run("phantom", folder / "scan.truth.json" / "scan.nii", "--size", "32", "--spacing", "3")
    TALLY.check(missing.returncode == 4 and not missing.stdout, "a folder that cannot be made", missing.stderr.decode())
    done = PROGRAM.run("pipeline", folder / "scan.nii.gz", "--grid", "2", "--window", "32", "--samples", "1", "--mask", folder / "mask.nii.gz", "--json")
    TALLY.check(done.returncode == 0, "pipeline", done.stderr.decode())
    run = json.loads(done.stdout)
    mask = nibabel.load(folder / "mask.nii.gz")
    TALLY.check(mask.shape == (64, 48, 40) and numpy.allclose(mask.affine, image.affine), "the mask lies on the study")
    TALLY.check(len(run["stages"]) == 9 and all(s["time_s"]["median"] >= 0 for s in run["stages"]), "nine stages")
    TALLY.check(abs(sum(s["time_s"]["median"] for s in run["stages"]) - run["total_s"]["median"]) < 1e-9, "stages sum to the whole")
    refused_run = PROGRAM.run("pipeline", folder / "scan.nii.gz", "--memory", "1 MB")
    TALLY.check(refused_run.returncode == 3 and b"needs" in refused_run.stderr, "the announced memory is held against --memory", refused_run.stderr.decode())


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        nifti(folder)
        itk(folder)
        lies(folder)
        phantom(folder)
        dicom(folder)
    return TALLY.close()


if __name__ == "__main__":
    sys.exit(main())
