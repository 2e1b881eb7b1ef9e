#!/usr/bin/env python3
"""pack.py IMAGES.json OUT-FOLDER name=path...: writes OUT/images.tar, an OCI archive, and OUT/images.json, digest by name.

Layers are shared between images. Owners, order and times are fixed, so that the same inputs have the same digests.
"""
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile

USERS = {"root": 0, "curl_user": 100, "postgres": 999, "node": 1000}
# Documentation, translations, package databases, PostgreSQL's JIT (without its module it does without) and Perl: most of
# the size, of no use.
LEFT_OUT = re.compile(
    r"^\./(usr/share/(doc|man|info|locale|i18n|perl|lintian|postgresql-common)/|usr/bin/(perl|psql|pg_)|dev/|var/(cache|lib/(apt|dpkg))/"
    r"|usr/lib/[^/]*/(libLLVM|libz3|perl|libperl)|usr/lib/postgresql/17/lib/(bitcode|llvmjit)|usr/share/postgresql/17/man)"
)
OCI = "application/vnd.oci.image."


def main():
    spec_file, out, sources = sys.argv[1], sys.argv[2], dict(pair.split("=", 1) for pair in sys.argv[3:])
    with open(spec_file) as text:
        spec = json.load(text)
    with tarfile.open(f"{out}/images.tar", "w") as archive:
        compression = spec.get("compression", "")
        layers = {name: add_layer(archive, out, parts, sources, compression) for name, parts in spec["layers"].items()}
        index, digests = [], {}
        for name, image in spec["images"].items():
            manifest = add_image(archive, [layers[layer] for layer in image["layers"]], config_of(spec, image["config"]))
            index.append({**manifest, "annotations": {"io.containerd.image.name": name, "org.opencontainers.image.ref.name": name}})
            digests[name] = manifest["digest"]
        add(archive, "index.json", dumps({"schemaVersion": 2, "manifests": index}))
        add(archive, "oci-layout", dumps({"imageLayoutVersion": "1.0.0"}))
    with open(f"{out}/images.json", "w") as text:
        json.dump(digests, text, indent=2)


def config_of(spec, name):
    config = spec["configs"][name]
    base = config_of(spec, config["extends"]) if "extends" in config else {}
    own = {key: value for key, value in config.items() if key != "extends"}
    merged = {**base, **own, "Env": base.get("Env", []) + own.get("Env", [])}
    if not any(entry.startswith("PATH=") for entry in merged["Env"]):
        merged["Env"] = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"] + merged["Env"]
    return merged


def add_image(archive, layers, config):
    described = {"architecture": "amd64", "os": "linux", "config": config}
    described["rootfs"] = {"type": "layers", "diff_ids": [content for content, _ in layers]}
    config_blob = {"mediaType": f"{OCI}config.v1+json", **add_blob(archive, dumps(described))}
    blobs = [blob for _, blob in layers]
    manifest = {"schemaVersion": 2, "mediaType": f"{OCI}manifest.v1+json", "config": config_blob, "layers": blobs}
    return {"mediaType": f"{OCI}manifest.v1+json", **add_blob(archive, dumps(manifest))}


def add_layer(archive, out, parts, sources, compression):
    """The digest of the layer's content, and the blob that holds it: the same but for compression."""
    path = f"{out}/layer.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as layer:
        for part in parts:
            if "root" in part:
                add_root(layer, sources[part["root"]])
            elif "tar" in part:
                add_tar(layer, sources[part["tar"]], part["at"])
            elif "file" in part:
                add_file(layer, resolve(part["file"], sources), part["at"], 0o755)
            else:
                add_folder(layer, resolve(part["folder"], sources), part["at"])
    content = digest_of(path)
    media_type = f"{OCI}layer.v1.tar"
    if compression == "zstd":
        subprocess.run(["zstd", "-q", "-3", "--rm", path, "-o", f"{path}.zst"], check=True)
        path, media_type = f"{path}.zst", f"{media_type}+zstd"
    digest = digest_of(path)
    with open(path, "rb") as blob:
        entry = tarfile.TarInfo(f"blobs/sha256/{digest}")
        entry.size = os.path.getsize(path)
        archive.addfile(entry, blob)
    os.unlink(path)
    return f"sha256:{content}", {"mediaType": media_type, "digest": f"sha256:{digest}", "size": entry.size}


def digest_of(path):
    with open(path, "rb") as blob:
        return hashlib.file_digest(blob, "sha256").hexdigest()


def resolve(name, sources):
    first, _, rest = name.partition("/")
    return f"{sources[first]}/{rest}" if rest else sources[first]


def add_root(layer, path):
    with tarfile.open(path) as packages:
        for entry in packages:
            if LEFT_OUT.match(entry.name) or entry.ischr() or entry.isblk():
                continue
            entry.mtime, entry.pax_headers = 0, {}
            layer.addfile(entry, packages.extractfile(entry) if entry.isreg() else None)
    # What the packages' own scripts would have written.
    users = "".join(f"{name}:x:{uid}:{uid}::/tmp:/bin/bash\n" for name, uid in USERS.items())
    groups = "".join(f"{name}:x:{uid}:\n" for name, uid in USERS.items())
    add(layer, "etc/passwd", users.encode(), 0o644)
    add(layer, "etc/group", groups.encode(), 0o644)
    add(layer, "etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n", 0o644)


def add_tar(layer, path, at):
    with tarfile.open(path) as files:
        for entry in files:
            entry.name = os.path.normpath(f"{at}/{entry.name}").lstrip("/")
            if entry.islnk():
                entry.linkname = os.path.normpath(f"{at}/{entry.linkname}").lstrip("/")
            entry.mtime, entry.pax_headers = 0, {}
            layer.addfile(entry, files.extractfile(entry) if entry.isreg() else None)


def add_folder(layer, path, at):
    for folder, folders, files in os.walk(path):
        folders.sort()
        target = os.path.normpath(f"{at}/{os.path.relpath(folder, path)}").lstrip("/")
        entry = tarfile.TarInfo(target)
        # The vendor's files belong to node, /app itself and the entrypoint to root.
        entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, 0o755, *owner(target)
        layer.addfile(entry)
        for name in sorted(files):
            add_file(layer, f"{folder}/{name}", f"{target}/{name}", 0o755 if os.access(f"{folder}/{name}", os.X_OK) else 0o644)


def owner(target):
    return (1000, 1000) if target.startswith("app/apps") else (0, 0)


def add_file(layer, path, at, mode):
    with open(path, "rb") as content:
        add(layer, at.lstrip("/"), content.read(), mode, *owner(at.lstrip("/")))


def add_blob(archive, content):
    digest = hashlib.sha256(content).hexdigest()
    add(archive, f"blobs/sha256/{digest}", content)
    return {"digest": f"sha256:{digest}", "size": len(content)}


def add(archive, name, content, mode=0o644, uid=0, gid=0):
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.uid, entry.gid = len(content), mode, uid, gid
    archive.addfile(entry, io.BytesIO(content))


def dumps(value):
    return json.dumps(value, separators=(",", ":")).encode()


main()
