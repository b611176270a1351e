#!/usr/bin/env bash
# Builds into the current folder what instances are made of: machine-image.sh <region ...>
#   root/              the file system of the machine image
#   tools/             programs that run instances, which the machine need not have installed
#   ca.crt             which the machine image trusts, and with it aws.crt and aws.key under AWS's names
#   model-server.tar   the only layer of the container image of the model server; and .gz, as a registry has it
set -euo pipefail

here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)

# Without installing them: systemd-container would bring another version of the machine's systemd.
tools() {
  local packages=(mmdebstrap systemd-container libsystemd-shared dnsmasq-base libnetfilter-conntrack3 libnfnetlink0
    libnftables1 libnftnl11) package
  mkdir debs tools
  cd debs
  apt-get download "${packages[@]}" || { apt-get update && apt-get download "${packages[@]}"; }
  for package in *.deb; do
    dpkg --extract "$package" ../tools
  done
  cd ..
  rm -r debs
}

# Debian in the place of Amazon Linux: systemd 252, cloud-init, Docker and the AWS CLI are there in the same manner.
system() {
  PATH=$PWD/tools/usr/bin:$PATH mmdebstrap --mode=root --variant=apt --quiet --aptopt='Apt::Install-Recommends "false"' \
    --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --include=systemd,systemd-sysv,dbus,cloud-init,docker.io,iptables,awscli,python3-cffi-backend \
    --include=isc-dhcp-client,ifupdown,iproute2,ca-certificates,curl,jq,openssl,xfsprogs,procps \
    bookworm root
  rm root/etc/resolv.conf
  cp -r "$here/machine/." root/
  : >root/etc/machine-id
  mkdir -p root/var/log/journal
  chroot root systemctl disable apt-daily.timer apt-daily-upgrade.timer fstrim.timer dpkg-db-backup.timer e2scrub_all.timer
}

# certificate <option of openssl req ...>
certificate() {
  chroot root openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 "$@"
}

certificates() {
  local names=(amazonaws.com docker.io) region
  for region in "$@"; do
    names+=("$region.amazonaws.com" "s3.$region.amazonaws.com" "ecr.$region.amazonaws.com" "dkr.ecr.$region.amazonaws.com")
  done
  certificate -subj "/CN=AWS of the tests" -keyout /ca.key -out /ca.crt
  certificate -subj /CN=amazonaws.com -CA /ca.crt -CAkey /ca.key -keyout /aws.key -out /aws.crt \
    -addext basicConstraints=CA:FALSE -addext "subjectAltName=$(printf 'DNS:*.%s,' "${names[@]}" | sed 's/,$//')"
  rm root/ca.key
  cp root/ca.crt root/usr/local/share/ca-certificates/
  mv root/ca.crt root/aws.key root/aws.crt .
  chroot root update-ca-certificates
}

# Python with the libraries that it loads, out of the machine image, and the server.
container() {
  local library
  mkdir -p container/{srv,tmp,etc,usr/bin,usr/lib/python3.11}
  cp root/usr/bin/python3.11 container/usr/bin/python3
  cp "$here/model-server.py" container/srv/
  while read -r library; do
    mkdir -p "container${library%/*}"
    cp -L "root$library" "container$library"
  done < <(chroot root sh -c 'ldd /usr/bin/python3.11 /usr/lib/python3.11/lib-dynload/_ssl.*.so' | grep -o '/lib[^ :]* ' | sort -u)
  tar -C root/usr/lib/python3.11 -c --exclude={test,idlelib,ensurepip,pydoc_data,lib2to3,unittest,asyncio,config-*} . |
    tar -C container/usr/lib/python3.11 -x
  tar -C container --sort=name --mtime=@0 --owner=0 --group=0 -cf model-server.tar .
  gzip --no-name --keep model-server.tar
  rm -r container
}

tools
system
certificates "$@"
container
