// A service as its container runs it: compiled, in a process of its own.
import 'reflect-metadata';
import { ScriptV1 } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import { failpoint, readConfig, runService, ServiceConfig } from '@couplet/service-host';

class ScriptController {
  async script() {
    process.stdout.write('{"msg":"in the handler"}\n');
    failpoint('in-the-handler');
    await new Promise((resolve) => setTimeout(resolve, Number(process.env.HANDLER_MS ?? 0)));
    return { faults: 0 };
  }
}
// JavaScript has no decorators yet; this is what they do.
const method = Object.getOwnPropertyDescriptor(ScriptController.prototype, 'script');
OnRequest(ScriptV1)(ScriptController.prototype, 'script', method);

class ProgramModule {}
await runService({
  service: 'network-simulator',
  config: readConfig(ServiceConfig),
  module: () => ({ module: ProgramModule, controllers: [ScriptController] }),
});
