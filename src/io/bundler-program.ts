/**
 * The Ruby that runs many `bundle lock`s at the price of one start: it loads Bundler once, then forks
 * for each job and there runs `bundle`'s own executable, as its binstub would. Jobs come as lines of
 * JSON on stdin; what they print and how they end goes out as lines of JSON on stdout. When stdin
 * ends, because Slipway did, running jobs are stopped and the program ends too.
 *
 * The version of Bundler is chosen by RubyGems' own rule from the lock file that BUNDLE_GEMFILE
 * points to at the start, which is why each host serves locks of one `BUNDLED WITH` only.
 */
export const BUNDLER_PROGRAM = String.raw`
require "json"
executable = Gem.activate_bin_path("bundler", "bundle", ">= 0.a")
ENV.delete("BUNDLE_GEMFILE")
%w[bundler bundler/cli bundler/cli/lock bundler/definition bundler/fetcher bundler/resolver net/http openssl].each do |name|
  begin
    require name
  rescue LoadError
    # Another Bundler lays its files out differently; the job loads what it needs itself.
  end
end

answers = $stdout.dup
answers.sync = true
turn = Mutex.new
tell = lambda { |answer| turn.synchronize { answers.write(JSON.generate(answer) + "\n") } }
running = {}

stop = lambda do |pid|
  begin
    Process.kill("TERM", pid)
  rescue Errno::ESRCH
    # It has ended by itself.
  end
end

relay = lambda do |id, stream, pipe|
  Thread.new do
    pipe.each_line(chomp: true) { |line| tell.call(id: id, stream: stream, line: line.force_encoding("UTF-8").scrub) }
    pipe.close
  end
end

start = lambda do |job|
  outputs = { "stdout" => IO.pipe, "stderr" => IO.pipe }
  pid = fork do
    $stdin.reopen(File::NULL)
    $stdout.reopen(outputs["stdout"].last)
    $stderr.reopen(outputs["stderr"].last)
    answers.close
    Dir.chdir(job["dir"])
    ENV.update(job["env"])
    ARGV.replace(job["args"])
    $PROGRAM_NAME = job["program"]
    load executable
  end
  running[job["id"]] = pid
  relays = outputs.map do |stream, (reader, writer)|
    writer.close
    relay.call(job["id"], stream, reader)
  end
  Thread.new do
    _, status = Process.wait2(pid)
    running.delete(job["id"])
    relays.each(&:join)
    tell.call(id: job["id"], exit: status.exitstatus, signal: status.termsig)
  end
end

tell.call(ready: true)
$stdin.each_line do |line|
  job = JSON.parse(line)
  job["stop"] ? running[job["stop"]]&.then(&stop) : start.call(job)
end
running.each_value(&stop)
`;
