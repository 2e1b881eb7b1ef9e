#!/usr/bin/env python3
"""forward.py PID PORT FILE: forwards a free loopback port, written to FILE, to 127.0.0.1:PORT in PID's network namespace."""
import ctypes
import os
import socket
import sys
import threading

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def main():
    pid, port, file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    # The socket belongs to the namespace it is made in, so listening comes before entering the other one.
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    with open(f"{file}.new", "w") as out:
        print(listener.getsockname()[1], file=out)
    os.rename(f"{file}.new", file)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, namespace, port), daemon=True).start()


def serve(client, namespace, port):
    if libc.setns(namespace, CLONE_NEWNET):  # a network namespace is a property of the thread
        raise OSError(ctypes.get_errno(), "setns")
    try:
        server = socket.create_connection(("127.0.0.1", port))
    except OSError:
        client.close()
        return
    back = threading.Thread(target=pump, args=(server, client), daemon=True)
    back.start()
    pump(client, server)
    back.join()
    client.close()
    server.close()


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        sink.close()


main()
