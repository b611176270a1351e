"""Loads what the AWS CLI needs for the calls of an instance."""

from botocore.loaders import JSONFileLoader

SERVICES = ("autoscaling", "elbv2", "s3")

load_file = JSONFileLoader.load_file
contents = {}


def load_and_note(loader, path):
    contents[path] = None
    return load_file(loader, path)


def load_once(loader, path):
    return contents.pop(path) if path in contents else load_file(loader, path)


JSONFileLoader.load_file = load_and_note
import awscli.clidriver
import awscli.customizations.s3.s3

session = awscli.clidriver.create_clidriver().session
for service in SERVICES:
    session.create_client(service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
# Every call gets them as they are in their files, whatever the clients above have made of theirs.
for path in contents:
    contents[path] = load_file(JSONFileLoader(), path)
JSONFileLoader.load_file = load_once
