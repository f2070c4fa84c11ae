SELECT file, checksum FROM audit.definitions
