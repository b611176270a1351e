import { awsCommands } from "../../../testing/iam/aws-commands";

const commandsIn = (...scripts: readonly string[]) =>
  awsCommands(new Map(scripts.map((text, index) => [`${index}.sh`, text]))).map(
    ({ file, command }) => `${file}: ${command}`,
  );

it.each([
  ["aws s3 sync a b", ["0.sh: s3 sync"]],
  ["if x=$(aws ssm get-parameter --name a); then", ["0.sh: ssm get-parameter"]],
  ["a | aws ecr get-login-password |\n  b", ["0.sh: ecr get-login-password"]],
  ["echo /opt/aws/bin aws-cli laws x y", []],
])("reads %j", (text, commands) => {
  expect(commandsIn(text)).toEqual(commands);
});

describe("an operation that is the argument of a function", () => {
  const define = 'act() {\n  local call=$1\n  aws autoscaling "$call" --region x\n}\n';

  it("is read where the function is called, in any script", () => {
    expect(
      commandsIn(define, 'act complete-lifecycle-action "$1"\nif ! x=$(act record-heartbeat); then'),
    ).toEqual(["0.sh: autoscaling complete-lifecycle-action", "0.sh: autoscaling record-heartbeat"]);
  });

  it("must not stay unknown", () => {
    expect(() => commandsIn(define)).toThrow('0.sh: what "aws autoscaling "$call"" calls cannot be read');
    expect(() => commandsIn('aws autoscaling "$call"')).toThrow("cannot be read");
    expect(() => commandsIn('aws "$service" describe')).toThrow("cannot be read");
  });
});
