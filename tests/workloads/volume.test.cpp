// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "model/core/file_io.h"
#include "model/core/random.h"
#include "workloads/volume/deflate.h"
#include "workloads/volume/phantom.h"
#include "workloads/volume/volume_file.h"
#include "workloads/volume/volume_write.h"
#include "workloads/volume/voxels.h"

namespace ridgepoint {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "ridgepoint-volume-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code code;
    fs::remove_all(path_, code);
  }
  std::string file(const std::string& name) const { return (fs::path(path_) / name).string(); }

 private:
  std::string path_;
};

Volume random_volume(std::array<std::int64_t, 3> size) {
  Volume v;
  v.header.format = "test";
  v.header.grid.size = size;
  v.header.grid.spacing = {0.5, 0.75, 1.25};
  v.header.grid.origin = {-10.5, 20.25, 3};
  v.header.grid.direction = {0, 1, 0, -1, 0, 0, 0, 0, 1};
  v.header.slope = 2;
  v.header.intercept = -1024;
  const auto kept =
      std::make_shared<std::vector<std::int16_t>>(static_cast<std::size_t>(v.header.grid.voxels()));
  for (std::size_t i = 0; i < kept->size(); ++i)
    (*kept)[i] = static_cast<std::int16_t>(static_cast<int>(random_below(5, i, 4000)) - 1500);
  v.data = std::shared_ptr<const std::byte>(kept, reinterpret_cast<const std::byte*>(kept->data()));
  return v;
}

std::vector<std::byte> bytes_of(const Volume& v) { return {v.data.get(), v.data.get() + v.bytes()}; }

/// Not durable, so that thousands are quick.
void put_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string plain(const std::string& path) { return *read_file(path, std::size_t{1} << 28); }

TEST(VolumeFiles, WhatIsWrittenIsReadBackInEveryFormat) {
  const Folder folder;
  Team team({0, 0});
  const Volume v = random_volume({37, 21, 130});
  for (const char* name : {"a.nii", "a.nii.gz", "a.mha", "a.mhd"}) {
    ASSERT_TRUE(write_volume(folder.file(name), v, team)) << name;
    const auto back = load_volume({folder.file(name)}, 1e9);
    ASSERT_TRUE(back) << name << back.error().what << back.error().why;
    EXPECT_EQ(bytes_of(*back), bytes_of(v)) << name;
    EXPECT_EQ(back->mapped, std::string(name) == "a.nii" || std::string(name) == "a.mha");
    EXPECT_EQ(back->header.grid.size, v.header.grid.size);
    EXPECT_EQ(back->header.grid.spacing, v.header.grid.spacing);
    EXPECT_EQ(back->header.grid.origin, v.header.grid.origin);
    EXPECT_EQ(back->header.grid.direction, v.header.grid.direction);
    EXPECT_EQ(back->header.slope, 2) << name;
    EXPECT_EQ(back->header.intercept, -1024) << name;
  }
  EXPECT_EQ(write_volume(folder.file("a.png"), v, team).error().kind, ErrorKind::bad_input);
  EXPECT_EQ(write_volume(folder.file("none/a.nii"), v, team).error().kind, ErrorKind::io);
}

TEST(VolumeFiles, PackedBytesDoNotDependOnThreads) {
  std::string text;
  for (std::uint64_t i = 0; i < 700000; ++i) text += static_cast<char>('a' + random_below(1, i / 3, 20));
  text += text + text;
  const std::string_view parts[] = {std::string_view(text).substr(0, 352),
                                    std::string_view(text).substr(352)};
  Team one({0}), three({0, 0, 0});
  for (const Wrapper w : {Wrapper::gzip, Wrapper::zlib}) {
    const auto a = pack(parts, w, one), b = pack(parts, w, three);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(*a, *b);
    std::vector<std::byte> out(text.size());
    ASSERT_TRUE(unpack_exactly(std::as_bytes(std::span(*a)), 0, out, "x"));
    EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(out.data()), out.size()), text);
  }
}

/// An answer or one error of a kind a user can act on; the content is touched, so that ASan sees what is
/// mapped.
void survives(const std::string& path) {
  const auto volume = load_volume({path}, 1e6);
  if (volume) {
    const auto bytes = bytes_of(*volume);
    EXPECT_EQ(bytes.size(), volume->bytes());
    return;
  }
  const ErrorKind kind = volume.error().kind;
  EXPECT_TRUE(kind == ErrorKind::bad_input || kind == ErrorKind::unavailable) << volume.error().what;
  EXPECT_FALSE(volume.error().what.empty());
  EXPECT_FALSE(volume.error().fix.empty());
}

std::string nrrd(const std::string& encoding, const std::string& voxels) {
  return "NRRD0004\n# a comment\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 5 4 3\n"
         "space directions: (0.5,0,0) (0,0.75,0) (0,0,1.25)\nspace origin: (1,2,3)\nkinds: domain domain "
         "domain\n"
         "endian: little\nencoding: " +
         encoding + "\n\n" + voxels;
}

TEST(VolumeFiles, CutAndFlippedFilesAreRefusedOrReadNeverACrash) {
  const Folder folder;
  Team team({0});
  const Volume v = random_volume({5, 4, 3});
  const auto raw = bytes_of(v);
  const std::string voxels(reinterpret_cast<const char*>(raw.data()), raw.size());
  const std::string_view part = voxels;
  std::vector<std::string> names = {"a.nii", "a.nii.gz", "a.mha", "a.mhd"};
  for (const auto& name : names) ASSERT_TRUE(write_volume(folder.file(name), v, team));
  ASSERT_TRUE(write_file_atomically(folder.file("a.nrrd"), nrrd("raw", voxels)));
  ASSERT_TRUE(
      write_file_atomically(folder.file("b.nrrd"), nrrd("gzip", *pack({&part, 1}, Wrapper::gzip, team))));
  names.insert(names.end(), {"a.nrrd", "b.nrrd"});
  for (const auto& name : names) {
    ASSERT_TRUE(load_volume({folder.file(name)}, 1e6)) << name;
    const std::string whole = plain(folder.file(name)), bad = folder.file("bad-" + name);
    for (std::size_t end = 0; end < whole.size(); end += name == "a.nii" ? 7 : 3) {
      put_file(bad, whole.substr(0, end));
      const auto cut = load_volume({bad}, 1e6);
      EXPECT_TRUE(!cut || name == "a.mhd") << name << " cut at " << end;  // its voxels are in another file
      survives(bad);
    }
    for (std::uint64_t round = 0; round < 300; ++round) {
      std::string flipped = whole;
      for (std::uint64_t k = 0; k <= round % 3; ++k)
        flipped[random_below(round, 2 * k, static_cast<std::uint32_t>(whole.size()))] =
            static_cast<char>(random_below(round, 2 * k + 1, 256));
      put_file(bad, flipped);
      survives(bad);
    }
  }
}

TEST(VolumeFiles, AHeaderThatPromisesTooMuchIsRefusedBeforeAnythingIsAllocated) {
  const Folder folder;
  const std::string front =
      "ObjectType = Image\nNDims = 3\nElementType = MET_SHORT\nElementSpacing = 1 1 1\n";
  const auto refused = [&](const std::string& text, const std::string& why) {
    EXPECT_TRUE(write_file_atomically(folder.file("a.mha"), text));
    const auto got = load_volume({folder.file("a.mha")}, 1e18);
    ASSERT_FALSE(got) << text;
    EXPECT_NE(got.error().why.find(why), std::string::npos) << got.error().why;
  };
  refused(front + "DimSize = 1048576 1048576 1\nElementDataFile = LOCAL\n12", "bytes of voxels");
  refused(front + "DimSize = 1048576 1048576 2\nElementDataFile = LOCAL\n12", "2^40");
  refused(front + "DimSize = 1048577 1 1\nElementDataFile = LOCAL\n12", "2^20");
  refused(front + "CompressedData = True\nDimSize = 100000 100 1\nElementDataFile = LOCAL\n12",
          "too few packed");
  refused(front + "DimSize = 1 1 1\nHeaderSize = 9007199254740992\nElementDataFile = LOCAL\n12",
          "bytes of voxels");
  refused(front + "DimSize = 1 1 1\nElementDataFile = ../a.mha\n", "same folder");
}

PhantomRequest small(std::uint64_t seed) {
  return {.size = {64, 48, 40}, .spacing = {1.2, 1.4, 2}, .seed = seed, .nodules = 6, .dose = 1};
}

TEST(Phantom, TheSameBitsWithAnyNumberOfThreadsAndOthersForAnotherSeed) {
  Team one({0}), three({0, 0, 0});
  const auto a = make_phantom(small(1), one, 1e9), b = make_phantom(small(1), three, 1e9),
             c = make_phantom(small(2), one, 1e9);
  ASSERT_TRUE(a && b && c);
  EXPECT_EQ(bytes_of(a->volume), bytes_of(b->volume));
  EXPECT_EQ(a->truth.checksum, b->truth.checksum);
  EXPECT_NE(a->truth.checksum, c->truth.checksum);
  EXPECT_EQ(a->truth.checksum, "crc32:7a84f315") << "the bits of seed 1 on any machine";
}

TEST(Phantom, NoiseHasTheDeclaredDeviationAndNoMeanAndFollowsTheDose) {
  PhantomRequest r = small(3);
  const auto deviation = [&](double sigma) {
    std::vector<float> plane(static_cast<std::size_t>(r.size[0] * r.size[1]), 0.0F);
    double sum = 0, square = 0;
    std::size_t n = 0;
    for (std::int64_t z = 0; z < 20; ++z) {
      std::ranges::fill(plane, 0.0F);
      add_noise(r, z, sigma, plane);
      for (const float v : plane) {
        sum += static_cast<double>(v);
        square += static_cast<double>(v) * static_cast<double>(v);
        ++n;
      }
    }
    const auto count = static_cast<double>(n);
    EXPECT_NEAR(sum / count, 0, 0.02 * sigma);
    return std::sqrt(square / count);
  };
  EXPECT_NEAR(deviation(25), 25, 0.5);  // 61440 correlated values: 1 %
  Team team({0});
  r.dose = 4;
  EXPECT_NEAR(make_phantom(r, team, 1e9)->truth.noise_hu,
              make_phantom(small(3), team, 1e9)->truth.noise_hu / 2, 1e-9);
}

TEST(Phantom, SizesOutOfRangeAndTooLittleMemoryAreRefusals) {
  Team team({0});
  PhantomRequest r = small(1);
  EXPECT_EQ(make_phantom(r, team, 1000).error().kind, ErrorKind::unavailable);
  r.size[0] = 15;
  EXPECT_EQ(make_phantom(r, team, 1e9).error().kind, ErrorKind::bad_input);
  r = small(1);
  r.dose = 0;
  EXPECT_EQ(make_phantom(r, team, 1e9).error().kind, ErrorKind::bad_input);
}

TEST(Phantom, OurExponentialIsTheExponential) {
  for (double x = -8; x <= 8; x += 0.37) EXPECT_NEAR(steady_exp(x) / std::exp(x), 1, 1e-14) << x;
}

}  // namespace
}  // namespace ridgepoint
